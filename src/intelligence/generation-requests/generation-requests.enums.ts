/** How a model is chosen when a request names none. */
export const ROUTE_POLICIES = ['preferred', 'cheapest', 'fastest'] as const;
export type RoutePolicy = (typeof ROUTE_POLICIES)[number];
