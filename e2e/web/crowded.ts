import type { Page } from "playwright-core";

/**
 * Texts that are cut off where nobody can scroll to the rest, and texts or controls that lie on one another. What ends in dots on
 * purpose is not cut; what stays in sight while the page is scrolled lies on what is below it.
 */
export async function crowded(page: Page): Promise<readonly string[]> {
  return page.evaluate(findCrowded);
}

/** In the browser: what it calls stands in it. */
function findCrowded(): readonly string[] {
  interface Box {
    readonly element: Element;
    readonly rect: DOMRect;
    readonly words: string;
  }
  const slack = 3;
  const found = new Set<string>();
  const boxes: Box[] = [];

  const ancestors = (element: Element): readonly Element[] => {
    const up = element.parentElement;
    return up === null || up === document.documentElement ? [element] : [element, ...ancestors(up)];
  };
  const staysInSight = (element: Element): Element | undefined => {
    return ancestors(element).find((each) => ["sticky", "fixed"].includes(getComputedStyle(each).position));
  };
  const sticksOut = (rect: DOMRect, around: DOMRect): boolean => {
    const isWider = rect.right > around.right + slack || rect.left < around.left - slack;
    return isWider || rect.bottom > around.bottom + slack || rect.top < around.top - slack;
  };
  const common = (a: DOMRect, b: DOMRect): DOMRect => {
    const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
    const [right, bottom] = [Math.min(a.right, b.right), Math.min(a.bottom, b.bottom)];
    return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  };
  const add = (element: Element, rect: DOMRect, words: string): void => {
    let seen = rect;
    let canScroll = false;
    for (const each of ancestors(element)) {
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(each);
      if (each === document.body || (overflowX === "visible" && overflowY === "visible")) continue;
      canScroll ||= /auto|scroll/.test(`${overflowX} ${overflowY}`);
      const endsInDots = textOverflow === "ellipsis" || webkitLineClamp !== "none";
      if (!canScroll && !endsInDots && sticksOut(rect, each.getBoundingClientRect())) found.add(`cut: ${words}`);
      seen = common(seen, each.getBoundingClientRect());
    }
    if (seen.width > slack && seen.height > slack) boxes.push({ element, rect: seen, words });
  };
  const isSeen = (element: Element): boolean => {
    // The picture of a plan is moved about instead of scrolled.
    const leftOut = "[aria-label^='The plan:'], [aria-hidden=true], [role=img], svg, option, noscript, .cm-editor";
    // A name that only those hear who do not see is clipped to nothing.
    const isClipped = ancestors(element).some((each) => getComputedStyle(each).clipPath !== "none");
    return element.closest(leftOut) === null && !isClipped && element.checkVisibility({ opacityProperty: true });
  };

  const addText = (node: Node): void => {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? "";
    if (words === "" || element === null || !isSeen(element)) return;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(element, rect, words.slice(0, 50));
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) addText(node);
  for (const element of document.querySelectorAll("button, input, select, textarea, summary, [role=tab]")) {
    if (isSeen(element))
      add(element, element.getBoundingClientRect(), `${element.tagName} ${element.textContent.slice(0, 30)}`);
  }

  const lieOnOneAnother = (a: Box, b: Box): boolean => {
    const { width, height } = common(a.rect, b.rect);
    if (width <= slack || height <= slack || a.element.contains(b.element) || b.element.contains(a.element))
      return false;
    return staysInSight(a.element) === staysInSight(b.element);
  };
  boxes.sort((a, b) => a.rect.top - b.rect.top);
  for (const [index, a] of boxes.entries()) {
    for (const b of boxes.slice(index + 1)) {
      if (b.rect.top > a.rect.bottom - slack) break;
      if (lieOnOneAnother(a, b)) found.add(`on one another: ${a.words} | ${b.words}`);
    }
  }
  return [...found].slice(0, 5);
}
