/** The operator of the sandbox's own service. It guards nothing: everything listens on the loopback address and knows only invented data. */
export const USERNAME = 'operator';
export const PASSWORD = 'only-for-the-sandbox';
