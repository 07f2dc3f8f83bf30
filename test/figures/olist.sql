-- Whole days in São Paulo: the deadline is where the next day begins. All of them lie years back, so what was not delivered
-- is overdue.
insert into raw.ledger
select 'olist', order_id, null, null, null, day,
  case
    when ended then 'withdrawn'
    when delivered_at is null then 'overdue'
    when delivered_at < promised_at then 'kept'
    else 'broken'
  end,
  not ended and coalesce(delivered_on < day, false),
  made_at, promised_at,
  case when not ended then delivered_at end,
  -- A fifth of the time promised (a week or more), at most three days of the calendar.
  least(raw.ms(promised_at - made_at) / 5, raw.ms(promised_at - raw.instant(day - 2, zone)))
from (
  select *,
    raw.instant(order_purchase_timestamp::timestamp, zone) as made_at,
    raw.instant(nullif(order_delivered_customer_date, '')::timestamp, zone) as delivered_at,
    nullif(order_delivered_customer_date, '')::date as delivered_on,
    raw.instant(day + 1, zone) as promised_at
  from (
    select *,
      'America/Sao_Paulo' as zone,
      order_estimated_delivery_date::date as day,
      order_status in ('canceled', 'unavailable') as ended
    from raw.olist
  ) as orders
) as dated;
