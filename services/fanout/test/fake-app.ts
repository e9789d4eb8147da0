/** The one app of the fake API. */
export const appId = 'app_test';
