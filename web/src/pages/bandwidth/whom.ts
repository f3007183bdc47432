/** For whom a limit is: exactly one of them, and the router where that is known. */
export interface Whom {
  mac?: string;
  username?: string;
  address?: string;
  subscriber?: string;
  router?: string;
}
