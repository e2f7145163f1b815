/** What bytes from elsewhere are when they are not what they should be: data, not an exception. */
export interface Unreadable {
  /** In a person's words, without a full stop. */
  readonly problem: string;
}
