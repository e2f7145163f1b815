import type { SpendingStep } from "../../../budget/spendingSteps.ts";

/** How much was spent by then (ms since 1970). */
export interface CostPoint {
  readonly at: number;
  readonly cost: number;
  readonly tokens: number;
}

/** The sum after each step; of very many, evenly chosen ones, the last among them. It never falls, but where a count was put right. */
export function costOverTime(steps: readonly SpendingStep[], most: number): readonly CostPoint[] {
  let cost = 0;
  let tokens = 0;
  const points = steps.map((step) => {
    cost += step.cost;
    tokens += step.tokens;
    return { at: step.at, cost, tokens };
  });
  if (points.length <= most) return points;
  const every = Math.ceil(points.length / most);
  return points.filter((_, index) => index % every === every - 1 || index === points.length - 1);
}

export interface ChartShape {
  /** Of the drawing, in its own units. */
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
  /** At the upper edge. */
  readonly most: number;
}

/** The line as a path of an SVG: it rises where something was spent, and stays between. */
export function stepPath(points: readonly CostPoint[], shape: ChartShape): string {
  const x = (at: number): number => rounded(((at - shape.from) / Math.max(1, shape.to - shape.from)) * shape.width);
  let path = `M0 ${shape.height}`;
  for (const { at, cost } of points) path += ` H${x(at)} V${heightOf(cost, shape)}`;
  return `${path} H${shape.width}`;
}

/** Where an amount is, from the upper edge. */
export function heightOf(cost: number, { height, most }: Pick<ChartShape, "height" | "most">): number {
  return rounded(height - (Math.max(0, cost) / Math.max(most, 1e-9)) * height);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
