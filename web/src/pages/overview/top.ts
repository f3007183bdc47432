/** How many sessions are asked for: the most that the server tells. A list as long as this is cut. */
export const TOP_LIMIT = 1_000;
