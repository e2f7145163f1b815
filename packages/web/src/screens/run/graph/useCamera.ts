import { useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, RefObject } from "react";
import { fitted, panned, showing, zoomedAt } from "./camera.ts";
import type { Camera } from "./camera.ts";
import type { GraphLayout, Place } from "./layout.ts";

export interface CameraControls {
  readonly view: RefObject<HTMLDivElement | null>;
  readonly camera: Camera;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  /** Brings a place into sight. */
  readonly reveal: (place: Place | undefined) => void;
  readonly handlers: DragHandlers & { readonly onKeyDown: (event: KeyboardEvent) => void };
}

interface DragHandlers {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
}

const panStep = 80;
const leastScale = 0.35;
const readableScale = 0.7;

/** What of the picture is seen: moved by keys, by the pointer and by buttons. `first` is what must be seen where not all can. */
export function useCamera(layout: GraphLayout, first: Place | undefined): CameraControls {
  const view = useRef<HTMLDivElement>(null);
  const [camera, setCamera] = useState<Camera>({ x: 0, y: 0, scale: 1 });
  const sizeOf = () => ({ width: view.current?.clientWidth ?? 1, height: view.current?.clientHeight ?? 1 });
  const pan = (x: number, y: number): void => setCamera((before) => panned(before, x, y));
  const fit = (): void => setCamera(fitted(layout, sizeOf()));
  const zoom = (factor: number): void => {
    const { width, height } = sizeOf();
    setCamera((before) => zoomedAt(before, factor, { x: width / 2, y: height / 2 }));
  };
  const reveal = (place: Place | undefined): void => {
    if (place !== undefined) setCamera((before) => showing(before, place, sizeOf()));
  };
  useLayoutEffect(() => {
    const whole = fitted(layout, sizeOf());
    const readable = { x: panStep / 2, y: panStep / 2, scale: readableScale };
    // Of very many boxes nothing could be read: then what is chosen is shown, or the first.
    setCamera(whole.scale < leastScale ? showing(readable, first ?? { x: 0, y: 0 }, sizeOf()) : whole);
    // Not again as another box is chosen: nothing moves under the pointer.
  }, [layout]);
  useWheel(view, (factor, at) => setCamera((before) => zoomedAt(before, factor, at)));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pan(panStep, 0),
    ArrowRight: () => pan(-panStep, 0),
    ArrowUp: () => pan(0, panStep),
    ArrowDown: () => pan(0, -panStep),
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(0.8),
    "0": fit,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return { view, camera, zoom, fit, reveal, handlers: { ...useDrag(pan), onKeyDown } };
}

function useDrag(onMove: (x: number, y: number) => void): DragHandlers {
  const [isDragging, setDragging] = useState(false);
  return {
    onPointerDown: (event) => {
      if (event.target instanceof Element && event.target.closest("button") !== null) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragging(true);
    },
    onPointerMove: (event) => {
      if (isDragging) onMove(event.movementX, event.movementY);
    },
    onPointerUp: () => setDragging(false),
    onPointerCancel: () => setDragging(false),
  };
}

/** With Control or Command, as in maps: the wheel alone scrolls the page. */
function useWheel(
  view: { readonly current: HTMLElement | null },
  onZoom: (factor: number, at: { readonly x: number; readonly y: number }) => void,
): void {
  const latest = useRef(onZoom);
  useLayoutEffect(() => {
    latest.current = onZoom;
  });
  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      latest.current(Math.exp(-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [view]);
}
