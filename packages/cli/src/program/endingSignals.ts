/**
 * By what a program of ours is asked to end: Ctrl-C; Ctrl-Break, which is Windows' Ctrl-C for a program in a group of its own; the
 * word of a service manager; a terminal that is closed. One that the system does not have is never heard.
 */
export const endingSignals = ["SIGINT", "SIGBREAK", "SIGTERM", "SIGHUP"] as const;
