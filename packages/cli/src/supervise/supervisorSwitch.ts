/** Stands right after the command in the words of a supervisor that this program has started without a terminal. */
export const supervisorSwitch = "--supervisor";
