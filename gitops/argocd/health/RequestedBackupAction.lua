-- What Argo CD shows of a RequestedBackupAction: Progressing while it waits or runs, then Healthy or Degraded for good.
-- Suspended: somebody suspended its Job after it had started.
local function condition(type)
  for _, one in ipairs((obj.status or {}).conditions or {}) do
    if one.type == type then
      return one
    end
  end
  return {}
end

local status = obj.status or {}

if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = "is being deleted" }
end
if status.phase == "Succeeded" then
  return { status = "Healthy", message = status.message or "" }
end
if status.phase == "Failed" then
  return { status = "Degraded", message = status.message or "" }
end
if condition("Reconciling").reason == "Suspended" then
  return { status = "Suspended", message = status.message or "" }
end
return { status = "Progressing", message = status.message or "the controller has not seen it yet" }
