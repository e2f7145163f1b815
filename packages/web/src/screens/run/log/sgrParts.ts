/** How a part of a line is to look, of what its program asked for. */
export interface SgrLook {
  readonly colour: SgrColour | undefined;
  readonly isBold: boolean;
  readonly isFaint: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
}

export type SgrColour = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "grey";

export interface SgrPart {
  readonly text: string;
  readonly look: SgrLook;
}

/** Black and white are the text's own colour, which is never the ground's. */
const colours: readonly (SgrColour | undefined)[] = [
  undefined,
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  undefined,
];

const plain: SgrLook = {
  colour: undefined,
  isBold: false,
  isFaint: false,
  isItalic: false,
  isUnderlined: false,
};

const escape = "\u001b";
const sequence = new RegExp(`${escape}\\[([\\d;:]*)m`, "g");

/**
 * A line in parts of one look. Grounds, and colours out of a table, are left out: nobody knows whether they can be read here. A look
 * does not go on in the next line, which may be anywhere.
 */
export function sgrParts(line: string): readonly SgrPart[] {
  if (!line.includes(escape)) return line === "" ? [] : [{ text: line, look: plain }];
  const parts: SgrPart[] = [];
  let look = plain;
  let from = 0;
  const add = (text: string): void => {
    const bare = text.replaceAll(escape, "");
    if (bare !== "") parts.push({ text: bare, look });
  };
  for (const found of line.matchAll(sequence)) {
    add(line.slice(from, found.index));
    look = lookAfter(look, found[1] ?? "");
    from = found.index + found[0].length;
  }
  add(line.slice(from));
  return parts;
}

function lookAfter(before: SgrLook, codes: string): SgrLook {
  let look = before;
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) {
      // A number of a table, or three of a mixture.
      at += numbers[at + 1] === 5 ? 2 : 4;
      if (code === 38) look = { ...look, colour: undefined };
    } else {
      look = withCode(look, code);
    }
  }
  return look;
}

function withCode(look: SgrLook, code: number): SgrLook {
  if (code === 90) return { ...look, colour: "grey" };
  if (code >= 30 && code <= 37) return { ...look, colour: colours[code - 30] };
  if (code >= 91 && code <= 97) return { ...look, colour: colours[code - 90] };
  switch (code) {
    case 0:
      return plain;
    case 1:
      return { ...look, isBold: true };
    case 2:
      return { ...look, isFaint: true };
    case 3:
      return { ...look, isItalic: true };
    case 4:
      return { ...look, isUnderlined: true };
    case 22:
      return { ...look, isBold: false, isFaint: false };
    case 23:
      return { ...look, isItalic: false };
    case 24:
      return { ...look, isUnderlined: false };
    case 39:
      return { ...look, colour: undefined };
    default:
      return look;
  }
}
