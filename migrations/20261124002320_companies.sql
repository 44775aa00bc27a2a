-- The deal's company in AmoCRM, which may be the dealer where no field of the deal names one.
alter table measurements
    add column company text;
