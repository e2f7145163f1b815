const plain = /^[\w./:=@%+,-]+$/;

/** A word as it is typed into a shell; fit for names, not for text with control characters. */
export function shellWord(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
