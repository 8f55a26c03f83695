import type { DeliveryPage } from '../state/delivery-page.ts';
import { moment } from './format.ts';

/** Which page is shown, and whether it renews itself. */
export function pageWords(page: DeliveryPage | undefined, before: number | undefined): string {
  if (page === undefined) return '';
  if (before !== undefined) return `Bars up to ${moment(before - 1)} UTC; this page does not renew itself.`;
  return page.older === undefined ? 'All there are, newest bars first.' : 'The newest bars.';
}

/** What stands in place of an empty table. */
export function noDeliveries(filtered: boolean, older: boolean): string {
  if (older) return 'Nothing older. Go back to the newest.';
  if (filtered) return 'No delivery is like this. Choose another endpoint or state, or all.';
  return 'Nothing was sent yet. Alerts are listed here as they are raised; Send test above tries an endpoint without one.';
}
