export { formatDecimal, parseDecimal } from './decimals.rules.ts';
export {
  allocate,
  type Currency,
  divideHalfEven,
  fromMinorUnits,
  type Micros,
  type Money,
  type Nanos,
  priceQuantity,
  prorate,
  sumAmounts,
  toMinorUnits,
  type UnitPrice,
} from './money.rules.ts';
export {
  currencySchema,
  knownOrUnknownMoneySchema,
  type KnownOrUnknownMoneyJson,
  type MoneyJson,
  moneySchema,
  parseMoney,
  presentAmount,
  presentMoney,
} from './money.schemas.ts';
