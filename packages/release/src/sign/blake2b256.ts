/** Node has BLAKE2b of 64 bytes only, and that cut short is another than this: the length is a part of what is hashed (RFC 7693). */
const digestLength = 32;
const blockLength = 128;
const rounds = 12;
const initial: readonly bigint[] = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];
/** Which words of the block a round mixes in, a digit each; the eleventh round begins anew. */
const orders: readonly string[] = [
  "0123456789abcdef",
  "ea489fd61c02b753",
  "b8c052fdae367194",
  "7931dcbe265a40f8",
  "905724afe1bc683d",
  "2c6a0b834d75fe19",
  "c51fed4a0763928b",
  "db7ec13950f4862a",
  "6fe9b308c2d714a5",
  "a2847615fb9e3cd0",
];
/** Columns, then diagonals. */
const lanes: readonly (readonly [number, number, number, number])[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

/** The checksum inside minisign's files of secret keys. For a few hundred bytes; slow. */
export function blake2b256(bytes: Uint8Array): Buffer {
  const state = BigUint64Array.from(initial);
  state[0] = word(state, 0) ^ 0x01010000n ^ BigInt(digestLength);
  const blocks = Math.max(1, Math.ceil(bytes.length / blockLength));
  for (let index = 0; index < blocks; index += 1) {
    const block = Buffer.alloc(blockLength);
    block.set(bytes.subarray(index * blockLength, (index + 1) * blockLength));
    compress(state, block, { end: Math.min(bytes.length, (index + 1) * blockLength), isLast: index === blocks - 1 });
  }
  const digest = Buffer.alloc(64);
  for (const [index, value] of state.entries()) digest.writeBigUInt64LE(value, index * 8);
  return digest.subarray(0, digestLength);
}

function compress(state: BigUint64Array, block: Buffer, { end, isLast }: { end: number; isLast: boolean }): void {
  const work = BigUint64Array.from([...state, ...initial]);
  work[12] = word(work, 12) ^ BigInt(end);
  if (isLast) work[14] = ~word(work, 14);
  for (let round = 0; round < rounds; round += 1) {
    const order = orders[round % orders.length] ?? "";
    for (const [index, lane] of lanes.entries()) {
      const [x, y] = [order[2 * index], order[2 * index + 1]].map((digit = "0") =>
        block.readBigUInt64LE(Number.parseInt(digit, 16) * 8),
      );
      mix(work, lane, x ?? 0n, y ?? 0n);
    }
  }
  for (let index = 0; index < 8; index += 1) {
    state[index] = word(state, index) ^ word(work, index) ^ word(work, index + 8);
  }
}

/** Sums wrap around by being put back into 64 bits. */
function mix(
  work: BigUint64Array,
  [a, b, c, d]: readonly [number, number, number, number],
  x: bigint,
  y: bigint,
): void {
  work[a] = word(work, a) + word(work, b) + x;
  work[d] = turned(word(work, d) ^ word(work, a), 32n);
  work[c] = word(work, c) + word(work, d);
  work[b] = turned(word(work, b) ^ word(work, c), 24n);
  work[a] = word(work, a) + word(work, b) + y;
  work[d] = turned(word(work, d) ^ word(work, a), 16n);
  work[c] = word(work, c) + word(work, d);
  work[b] = turned(word(work, b) ^ word(work, c), 63n);
}

function turned(value: bigint, by: bigint): bigint {
  return (value >> by) | (value << (64n - by));
}

function word(words: BigUint64Array, index: number): bigint {
  return words[index] ?? 0n;
}
