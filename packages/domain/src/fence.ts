/**
 * What stands between the fences where the whole text is one fenced block of Markdown (``` or ```json); undefined where it
 * is not. By searching: a pattern took quadratic time on an answer of nothing but line ends behind an open fence.
 */
export function insideFence(text: string): string | undefined {
  const whole = text.trim();
  const head = /^```(?:json)?[^\S\n]*\n/.exec(whole)?.[0];
  if (head === undefined || !whole.endsWith("```") || whole.length < head.length + 3) return undefined;
  return whole.slice(head.length, -3);
}
