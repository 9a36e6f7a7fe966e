/** `1 credit`, `2 credits`: an amount as sentences say it. */
export const inCredits = (amount: number): string => `${amount} ${amount === 1 ? 'credit' : 'credits'}`;
