/** What of the graph is seen: its origin's place in the box (pixels), and how large. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const smallest = 0.1;
const largest = 2;
const margin = 16;

/** All of it in the box, and not larger than it is. */
export function fitted(graph: Size, box: Size): Camera {
  const room = { width: Math.max(1, box.width - 2 * margin), height: Math.max(1, box.height - 2 * margin) };
  const scale = clamped(Math.min(1, room.width / graph.width, room.height / graph.height));
  return { scale, x: (box.width - graph.width * scale) / 2, y: (box.height - graph.height * scale) / 2 };
}

/** Larger or smaller, what is at this place of the box staying where it is. */
export function zoomedAt(camera: Camera, factor: number, at: { readonly x: number; readonly y: number }): Camera {
  const scale = clamped(camera.scale * factor);
  const by = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by };
}

export function panned(camera: Camera, x: number, y: number): Camera {
  return { ...camera, x: camera.x + x, y: camera.y + y };
}

/** Moved no further than it must be for a place of the graph to be well within the box. */
export function showing(camera: Camera, place: { readonly x: number; readonly y: number }, box: Size): Camera {
  const at = { x: place.x * camera.scale + camera.x, y: place.y * camera.scale + camera.y };
  const inside = { x: within(at.x, box.width), y: within(at.y, box.height) };
  return panned(camera, inside.x - at.x, inside.y - at.y);
}

function within(at: number, length: number): number {
  const edge = Math.min(120, length / 4);
  return Math.max(edge, Math.min(length - edge, at));
}

function clamped(scale: number): number {
  return Math.max(smallest, Math.min(largest, scale));
}
