/** Where the gateway listens when nobody said anything else. */
export const usualPort = 2467;
