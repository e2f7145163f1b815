/** Reads an amount such as "12.50" and answers whole cents. */
export function parseAmount(text) {
  const amount = Number(text.replace(",", "."));
  if (Number.isNaN(amount)) throw new Error(`not an amount: ${text}`);
  return Math.floor(amount * 100);
}

export function formatAmount(cents) {
  const sign = cents < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, "0");
  return `${sign}${whole}.${rest}`;
}
