/** The element that is read out when its text changes; the shell has one. */
const politeId = "announcements";

/** Says something once to whoever cannot see the page. The same text twice is said twice. */
export function announce(text: string): void {
  const element = document.getElementById(politeId);
  if (element === null) return;
  element.textContent = element.textContent === text ? `${text}\u00A0` : text;
}

/** Attributes of that element. */
export const announcerProps = { id: politeId, className: "hidden", "aria-live": "polite", role: "status" } as const;
