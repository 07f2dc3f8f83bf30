-- Whole days, the world's. Of a delivery only the day is known: days are compared, and it counts as that day's end.
insert into raw.ledger
select 'scms', "ID", "Vendor", "Country", nullif("Shipment Mode", 'N/A'), due,
  case when delivered <= due then 'kept' else 'broken' end,
  delivered < due,
  made::timestamp at time zone 'UTC', (due + 1)::timestamp at time zone 'UTC', (delivered + 1)::timestamp at time zone 'UTC',
  -- A fifth of the time promised (a day or more), at most three days. A share of what nobody knows is no buffer.
  case when made is not null then least((due + 1 - made) * 86400000::bigint / 5, 3 * 86400000) end
from (
  -- An order dated after its delivery, or after the day it was due, is a slip of the pen: when it was made is not known.
  select *, case when ordered <= least(due, delivered) then ordered end as made
  from (
    select *,
      to_date("Scheduled Delivery Date", 'DD-Mon-YY') as due,
      to_date("Delivered to Client Date", 'DD-Mon-YY') as delivered,
      -- Where no date is, words stand: "N/A - From RDC", "Pre-PQ Process", "Date Not Captured".
      case
        when "PO Sent to Vendor Date" ~ '^\d' then to_date("PO Sent to Vendor Date", 'MM/DD/YY')
        when "PQ First Sent to Client Date" ~ '^\d' then to_date("PQ First Sent to Client Date", 'MM/DD/YY')
      end as ordered
    from raw.scms
  ) as dated
) as deliveries;
