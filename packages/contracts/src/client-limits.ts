// Limits that a client checks or keeps itself. A module of constants, so that a bundle holds the numbers that it uses and no table.
export const userId = 255;
export const channelKey = 64;
export const messageText = 10_000;
export const typingMs = 7_000;
export const presenceUserIds = 200;
export const operationsPerUserPerSecond = 50;
