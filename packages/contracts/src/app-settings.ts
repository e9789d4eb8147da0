/** Whom a user may look up, which is to find others and to read more of them than name and image. */
export const userVisibilities = ['EVERYBODY', 'SHARED_CHANNELS', 'SERVER'] as const;
export type UserVisibility = (typeof userVisibilities)[number];

/** Settings of what the users of an app may know and do. Back ends and the app role `admin` are not bound by them. */
export interface AppSettings {
  /** Whether a user token that names an unknown user id as a member creates that user. */
  readonly usersMayCreateUsers: boolean;
  /** `EVERYBODY`, those who share a private channel with the user, or nobody but back ends (`SERVER`). */
  readonly userVisibility: UserVisibility;
  /** Whether users see when those whom they may look up are online, and were active last. */
  readonly presenceVisible: boolean;
}

/** The settings of an app that has changed none. */
export const defaultAppSettings: AppSettings = {
  usersMayCreateUsers: false,
  userVisibility: 'EVERYBODY',
  presenceVisible: true,
};
