/**
 * The lines of a body, one after the other. A line that is longer than the limit comes as null, and takes no more memory
 * than that.
 * @param most characters of a line
 */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  most: number,
): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let line = '';
  let isTooLong = false;
  const add = (text: string) => {
    isTooLong ||= line.length + text.length > most;
    line = isTooLong ? '' : line + text;
  };
  const take = () => {
    const taken = isTooLong ? null : line;
    line = '';
    isTooLong = false;
    return taken;
  };
  for await (const chunk of body) {
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    add(first!);
    for (const text of others) {
      yield take();
      add(text);
    }
  }
  const last = take();
  if (last !== '') yield last;
}
