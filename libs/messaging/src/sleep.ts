/** Wall milliseconds. By the global timer, so that whoever stands in for the timers stands in for this wait too. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
