/** What a model is to say, in the words of Anthropic's API; other dialects put it in theirs. */
export interface ScriptedAnswer {
  pieces: string[];
  reasoning?: string;
  toolCall?: { id: string; name: string; json: string[] };
  /** In the words of the provider. */
  stopReason?: string;
  usage: {
    input_tokens: number;
    output_tokens: number;
    cache_read_input_tokens?: number;
    cache_creation_input_tokens?: number;
    hour_tokens?: number;
    thinking_tokens?: number;
  };
}
