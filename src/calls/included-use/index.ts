export {
  countIncluded,
  holdIncluded,
  type IncludedUse,
  isIncludedLeft,
  isUseCharged,
} from './included-use.queries.ts';
