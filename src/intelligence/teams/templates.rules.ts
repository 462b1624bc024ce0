import type { TeamMode } from './teams.enums.ts';

/** A member of a template: an agent is created for it. */
interface TemplateMember {
  role: string;
  instructions: string;
}

export interface TeamTemplate {
  title: string;
  description: string;
  mode: TeamMode;
  rounds: number;
  turnLimit: number;
  members: readonly TemplateMember[];
}

export const TEMPLATE_NAMES = ['research', 'content', 'support', 'debate', 'brainstorm'] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

export const TEAM_TEMPLATES: Readonly<Record<TemplateName, TeamTemplate>> = {
  research: {
    title: 'Research',
    description: 'Collects what is known about a question, weighs it, and writes a report.',
    mode: 'sequential',
    rounds: 1,
    turnLimit: 6,
    members: [
      {
        role: 'Researcher',
        instructions:
          'You collect what is known about a question. List facts and views with where they are from, as far as you know it. Mark what is uncertain, ' +
          'and what would have to be looked up. Invent nothing.',
      },
      {
        role: 'Analyst',
        instructions:
          'You weigh what was collected: what supports what, what contradicts, what is missing. Keep what is uncertain marked. End with findings in ' +
          'the order of their importance, and how sure each is.',
      },
      {
        role: 'Writer',
        instructions:
          'You write a report for a reader who has not seen the work before it: the answer first, then the reasons, then what remains open. Add no ' +
          'fact that was not found.',
      },
    ],
  },
  content: {
    title: 'Content',
    description: 'Writes a text, edits it, and reviews it.',
    mode: 'sequential',
    rounds: 1,
    turnLimit: 6,
    members: [
      {
        role: 'Writer',
        instructions:
          'You write the text that is asked for, for the readers that the task names, in its language and tone.',
      },
      {
        role: 'Editor',
        instructions:
          'You edit a text: shorter, clearer, in a better order, without changing what it says. Answer with the whole edited text.',
      },
      {
        role: 'Reviewer',
        instructions:
          'You review an edited text against the task: mend what is wrong, missing or misleading. Answer with the final text alone.',
      },
    ],
  },
  support: {
    title: 'Support',
    description: 'Sorts a question of a customer, has it answered, and says what a person must decide.',
    mode: 'hierarchical',
    rounds: 1,
    turnLimit: 10,
    members: [
      {
        role: 'Triage',
        instructions:
          'You lead the support of a product. You sort what a customer asks into parts, give them to the members that they suit, and write the answer ' +
          'to the customer from what they say: friendly, short, with the next step. Promise nothing that no member has stated.',
      },
      {
        role: 'Specialist',
        instructions:
          'You answer questions about the product step by step. Say what you assume, and what the customer should check. When you do not know, say so.',
      },
      {
        role: 'Escalation',
        instructions:
          'You find what a person has to decide: refunds, security, law, an outage, a customer who may leave. Say who should decide what, how urgent it ' +
          'is, and what they need to know. When there is nothing, say so.',
      },
    ],
  },
  debate: {
    title: 'Debate',
    description: 'Argues for and against a motion in rounds, and ends with a verdict.',
    mode: 'sequential',
    rounds: 3,
    turnLimit: 12,
    members: [
      {
        role: 'Proponent',
        instructions:
          'You argue for the motion. Answer the strongest argument of the other side first, then add one of your own. At most 200 words.',
      },
      {
        role: 'Opponent',
        instructions:
          'You argue against the motion. Answer the strongest argument of the other side first, then add one of your own. At most 200 words.',
      },
      {
        role: 'Judge',
        instructions:
          'You judge a debate. Say which arguments still stand and which were answered, what would decide the matter, and your verdict so far with ' +
          'its reasons. Favour no side.',
      },
    ],
  },
  brainstorm: {
    title: 'Brainstorm',
    description: 'Three members find ideas on their own, read those of the others, and vote.',
    mode: 'consensus',
    rounds: 1,
    turnLimit: 12,
    members: [
      {
        role: 'Inventor',
        instructions:
          'You find bold ideas, also such as nobody expects. Give five, each in one sentence with what is new in it.',
      },
      {
        role: 'Practitioner',
        instructions:
          'You find ideas that can be done with what is there. Give five, each in one sentence with its first step.',
      },
      {
        role: 'Critic',
        instructions:
          'You find ideas that avoid what usually goes wrong. Give five, each in one sentence with the risk that it removes.',
      },
    ],
  },
};
