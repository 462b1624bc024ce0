import { asksToLeaveInChat, isMentioned } from './commands.ts';
import { isPerson } from './listened-to.ts';
import type { Product, StartedAgent } from './product.ts';
import { type ChatMessage, RoomChat } from './room-chat.ts';
import type { SeenScreen } from './shared-screens.ts';

const NOT_ANSWERED = 'I could not answer this. Please ask again.';
export const NOT_ALLOWED = 'Only hosts and moderators can ask me to leave.';

interface ChatOptions {
  agent: StartedAgent;
  product: Product;
  /** Aborted when the agent leaves. */
  signal: AbortSignal;
  look: (identity: string) => Promise<SeenScreen | undefined>;
  log: (line: string) => void;
}

/** The agent in the chat of the room: messages that name it are answered there, one after the other. */
export class ChatAnswers {
  readonly #options: ChatOptions;
  readonly #chat: RoomChat;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#chat = new RoomChat(options.agent.room, (message) => this.#read(message), options.signal);
  }

  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  showHand(isRaised: boolean): void {
    this.#chat.showHand(isRaised);
  }

  #read(message: ChatMessage): void {
    const { name } = this.#options.agent;
    if (!isPerson(message.identity) || !isMentioned(name, message.text)) return;
    if (asksToLeaveInChat(name, message.text)) return void this.#askToLeave(message);
    this.#waiting += 1;
    this.#last = this.#last.then(() => this.#answer(message)).finally(() => (this.#waiting -= 1));
  }

  /** The product decides whether the author may ask for this; if so, the agent leaves. */
  async #askToLeave({ messageId, identity }: ChatMessage): Promise<void> {
    const { agent, product, log, signal } = this.#options;
    try {
      const hasLeft = await product.leave(agent.callAgentId, identity);
      if (!hasLeft) this.#chat.write(NOT_ALLOWED, messageId);
    } catch (error) {
      if (!signal.aborted) log(`was asked to leave: ${String(error)}`);
    }
  }

  async #answer({ messageId, identity, name, text }: ChatMessage): Promise<void> {
    const { agent, product, look, log, signal } = this.#options;
    log('asked in the chat');
    let answer = '';
    try {
      const said = { speaker: `${name} (in the chat)`, text, screen: await look(identity) };
      for await (const piece of product.answer(agent.callAgentId, said, signal)) answer += piece;
    } catch (error) {
      if (signal.aborted) return;
      log(`no answer in the chat: ${String(error)}`);
      answer = NOT_ANSWERED;
    }
    this.#chat.write(answer.trim(), messageId);
  }
}
