/**
 * Why a text is no root metadata that could be believed: one sentence's end; undefined where it is. Whether it has expired is not
 * asked: a newer root may follow it.
 */
export async function rootProblem(text: string): Promise<string | undefined> {
  try {
    JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  const { readRoot } = await import("./readRoot.ts");
  try {
    readRoot(text);
    return undefined;
  } catch (error) {
    const isUnsigned = error instanceof Error && /was signed by/.test(error.message);
    return isUnsigned ? "not enough of the keys in it have signed it" : "it is JSON of something else";
  }
}
