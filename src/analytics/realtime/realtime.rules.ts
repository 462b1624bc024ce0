/** The figures, of the whole organization and of each region. */
export interface RealtimeFigures {
  liveRooms: number;
  participants: number;
  agents: number;
  lastMinute: { joins: number; leaves: number; callsStarted: number; callsEnded: number };
}

export interface RegionalFigures extends RealtimeFigures {
  region: string;
}

const emptyFigures = (): RealtimeFigures => ({
  liveRooms: 0,
  participants: 0,
  agents: 0,
  lastMinute: { joins: 0, leaves: 0, callsStarted: 0, callsEnded: 0 },
});

export interface RealtimeCounts {
  calls: readonly { region: string; live: number; started: number; ended: number }[];
  people: readonly { region: string; participants: number; agents: number }[];
  joinsAndLeaves: readonly { region: string; joins: number; leaves: number }[];
}

/** Joins the counts: by region, in the order of their names, and in total. */
export function sumByRegion({ calls, people, joinsAndLeaves }: RealtimeCounts): {
  total: RealtimeFigures;
  regions: RegionalFigures[];
} {
  const regions = new Map<string, RegionalFigures>();
  const total = emptyFigures();
  const add = (region: string, apply: (figures: RealtimeFigures) => void) => {
    const figures = regions.get(region) ?? { region, ...emptyFigures() };
    regions.set(region, figures);
    apply(figures);
    apply(total);
  };
  for (const { region, live, started, ended } of calls)
    add(region, (figures) => {
      figures.liveRooms += live;
      figures.lastMinute.callsStarted += started;
      figures.lastMinute.callsEnded += ended;
    });
  for (const { region, participants, agents } of people)
    add(region, (figures) => {
      figures.participants += participants;
      figures.agents += agents;
    });
  for (const { region, joins, leaves } of joinsAndLeaves)
    add(region, (figures) => {
      figures.lastMinute.joins += joins;
      figures.lastMinute.leaves += leaves;
    });
  return { total, regions: [...regions.values()].sort((a, b) => (a.region < b.region ? -1 : 1)) };
}
