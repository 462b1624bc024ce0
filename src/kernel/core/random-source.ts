const BLOCK_BYTES = 1_024;

/**
 * Random bytes from the platform's cryptographic source, fetched in blocks, because a call to it costs more than its
 * bytes. No byte is returned twice, and none is kept after it was returned.
 */
export function createRandomSource(): (bytes: number) => Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK_BYTES);
  let used = BLOCK_BYTES;
  return (bytes) => {
    if (bytes > BLOCK_BYTES) return crypto.getRandomValues(new Uint8Array(bytes));
    if (used + bytes > BLOCK_BYTES) {
      crypto.getRandomValues(block);
      used = 0;
    }
    const taken = block.slice(used, used + bytes);
    block.fill(0, used, used + bytes);
    used += bytes;
    return taken;
  };
}
