import { presentAmount, presentMoney, priceQuantity } from '../../kernel/money/index.ts';
import {
  describePlan,
  INCLUDED_METERS,
  MOST_SEATS,
  PLAN_NAMES,
  type PlanName,
} from '../../identity/entitlements/index.ts';
import { PRICES } from './prices.rules.ts';
import type { PlansView, PlanView } from './plans.schemas.ts';

function presentPlan(plan: PlanName): PlanView {
  const { price, seat, overage, trialDays } = PRICES[plan];
  return {
    ...describePlan(plan),
    price: { monthly: presentAmount(price.monthly), yearly: presentAmount(price.yearly) },
    seat:
      seat === null
        ? null
        : {
            monthly: presentMoney(seat.monthly),
            yearly: presentMoney(seat.yearly),
            most: MOST_SEATS,
          },
    trialDays,
    overage: INCLUDED_METERS.map((meter) => ({
      meter,
      price: presentMoney(priceQuantity(overage[meter].unitQuantity, overage[meter])),
    })),
  };
}

/** All plans as the API shows them. */
export const presentPlans = (): PlansView => ({ plans: PLAN_NAMES.map(presentPlan) });
