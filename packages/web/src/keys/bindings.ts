/** Every key of the page, in one table: what the sheet (`?`) shows is what is listened to. */
export interface KeyBinding {
  /** As typed: one key, or two one after the other with a blank between them. */
  readonly keys: string;
  readonly what: string;
  /** It stands for several keys, or belongs to what has the focus: it stays as it is. */
  readonly isFixed?: boolean;
}

export const globalKeys = {
  palette: { keys: "mod+k", what: "Find anything, do anything" },
  help: { keys: "?", what: "Show these keys" },
  now: { keys: "g n", what: "Go to Now" },
  runs: { keys: "g r", what: "Go to Runs" },
  inbox: { keys: "g i", what: "Go to Inbox" },
  newRun: { keys: "g c", what: "Create a run" },
  schedules: { keys: "g s", what: "Go to Schedules" },
  costs: { keys: "g m", what: "Go to Costs" },
  agents: { keys: "g a", what: "Go to Agents" },
  system: { keys: "g y", what: "Go to System" },
  settings: { keys: "g ,", what: "Change the settings" },
  copyLink: { keys: "y", what: "Copy the link to what is shown" },
  copyCommand: { keys: "shift+y", what: "Copy the command for a terminal that shows it" },
  close: { keys: "Escape", what: "Close what lies on top", isFixed: true },
} as const satisfies Readonly<Record<string, KeyBinding>>;

export const listKeys = {
  next: { keys: "j", what: "Next row" },
  previous: { keys: "k", what: "Previous row" },
  open: { keys: "o", what: "Open the row" },
  select: { keys: "x", what: "Select the row" },
  actions: { keys: ".", what: "Show what can be done with the row" },
  search: { keys: "/", what: "Search or filter" },
} as const satisfies Readonly<Record<string, KeyBinding>>;

export const newRunKeys = {
  start: { keys: "mod+Enter", what: "Start what is planned" },
} as const satisfies Readonly<Record<string, KeyBinding>>;

export const inboxKeys = {
  go: { keys: "y", what: "Do what is offered" },
  dismiss: { keys: "n", what: "Put it away in this browser" },
  edit: { keys: "e", what: "Show what to write in the file" },
  details: { keys: "Enter", what: "Open the run", isFixed: true },
} as const satisfies Readonly<Record<string, KeyBinding>>;

export const runKeys = {
  tab: { keys: "1 … 9", what: "Show the nth tab", isFixed: true },
  nextFailure: { keys: "n", what: "Next failure" },
  previousFailure: { keys: "p", what: "Previous failure" },
  nextInstance: { keys: "]", what: "Next instance" },
  previousInstance: { keys: "[", what: "Previous instance" },
  follow: { keys: "f", what: "Follow the log’s end" },
  stop: { keys: "s", what: "Stop (asks first)" },
  comment: { keys: "c", what: "Comment on the line of a diff" },
  expand: { keys: "e", what: "Show or fold the file of a diff" },
  viewed: { keys: "v", what: "The file of a diff is viewed" },
} as const satisfies Readonly<Record<string, KeyBinding>>;

/** The whole table, as the sheet shows it. */
export const keyGroups: readonly (readonly [string, readonly KeyBinding[]])[] = [
  ["Everywhere", Object.values(globalKeys)],
  ["In lists", Object.values(listKeys)],
  ["In a run", Object.values(runKeys)],
  ["In the inbox", Object.values(inboxKeys)],
  ["In a new run", Object.values(newRunKeys)],
];

const firstOfTwo = new Set(
  keyGroups.flatMap(([, bindings]) => bindings.flatMap(({ keys }) => /^(\S) \S$/.exec(keys)?.[1] ?? [])),
);

/** Whether a key is the first of two: what follows it is no key of its own. */
export function beginsPair(typed: string): boolean {
  return firstOfTwo.has(typed);
}
