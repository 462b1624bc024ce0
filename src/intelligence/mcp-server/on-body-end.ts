/** The same response, whose body runs `work` once when it has ended, broken off, or is no longer wanted. */
export function onBodyEnd(response: Response, work: () => void): Response {
  const { body, status, headers } = response;
  if (!body) {
    work();
    return response;
  }
  const reader = body.getReader();
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      work();
    },
    async cancel(reason) {
      work();
      await reader.cancel(reason);
    },
  });
  return new Response(watched, { status, headers });
}
