import { shortName } from './commands.ts';

/** What an agent says when it joins: what it is, and what it does with what people say and show. */
export const greetingOf = (name: string, seesScreens: boolean): string =>
  seesScreens
    ? `Hello, I am ${shortName(name)}, an A.I. agent. I listen to this call, see shared screens, and answer.`
    : `Hello, I am ${shortName(name)}, an A.I. agent. I listen to this call and answer.`;
