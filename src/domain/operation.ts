// The two things that a procedure can do. One list, so that checks and builders walk both the same way.

export type Operation = "backup" | "restore";

export const OPERATIONS: readonly Operation[] = ["backup", "restore"];
