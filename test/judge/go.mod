module riotkit.org/backup-maker-controller/judge

go 1.24
