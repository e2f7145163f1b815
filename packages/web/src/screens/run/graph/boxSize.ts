/** Of a box, in CSS pixels; the same in Graph.module.css. */
export const boxWidth = 200;
export const boxHeight = 56;
