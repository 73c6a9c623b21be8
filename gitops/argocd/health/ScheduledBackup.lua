-- What Argo CD shows of a ScheduledBackup. Degraded: somebody must do something, or the last scheduled run failed or hangs
-- (a backup that fails must not look healthy). Suspended: valid and installed, but its schedule is turned off.
local function condition(type)
  for _, one in ipairs((obj.status or {}).conditions or {}) do
    if one.type == type then
      return one
    end
  end
  return {}
end

local status = obj.status or {}
local schedule = obj.spec.cronJob

if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = "is being deleted" }
end
if status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "the controller has not seen this version yet" }
end
if condition("Stalled").status == "True" then
  return { status = "Degraded", message = condition("Stalled").message or "" }
end
if condition("Ready").status ~= "True" then
  return { status = "Progressing", message = condition("Ready").message or "" }
end
if condition("LastRunSucceeded").status == "False" then
  return { status = "Degraded", message = condition("LastRunSucceeded").message or "" }
end
if schedule ~= nil and schedule.enabled == false then
  return { status = "Suspended", message = "no schedule runs: spec.cronJob.enabled is false" }
end
if schedule ~= nil and schedule.suspend == true then
  return { status = "Suspended", message = "no schedule runs: spec.cronJob.suspend is true" }
end
return { status = "Healthy", message = condition("Ready").message or "" }
