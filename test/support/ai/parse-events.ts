export interface SentEvent {
  id: number;
  event: string;
  data: any; // eslint-disable-line typescript/no-explicit-any -- its shape is what tests look into
}

/** The server-sent events in a text. */
export const parseEvents = (text: string): SentEvent[] =>
  [...text.matchAll(/id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/g)].map(([, id, event, data]) => ({
    id: Number(id),
    event: event!,
    data: JSON.parse(data!),
  }));
