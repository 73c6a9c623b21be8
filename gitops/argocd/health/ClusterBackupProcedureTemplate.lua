-- What Argo CD shows of a ClusterBackupProcedureTemplate: it has no status, since all that can be wrong with it is said when
-- it is applied.
if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = "is being deleted" }
end
return { status = "Healthy", message = "" }
