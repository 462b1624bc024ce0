export const createGenerationExample = {
  model: 'claude-sonnet-5',
  messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Name three colours.' }] }],
  maxOutputTokens: 200,
};
