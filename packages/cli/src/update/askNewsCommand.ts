/** By which the program asks for news in a process of its own; nobody types it. */
export const askNewsCommand = "ask-update-source";
