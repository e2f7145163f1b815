/** A target that is not dialled, whatever else is tried: the sentence says why. */
export class RefusedTarget extends Error {
  override readonly name = "RefusedTarget";
}
