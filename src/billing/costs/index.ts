export { costsByDay } from './cost-days.queries.ts';
export { presentSum, sumOf } from './costs.rules.ts';
