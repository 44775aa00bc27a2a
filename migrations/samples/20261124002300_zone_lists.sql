insert into measurement_zones (zone_id, measurement_id, status, measurer_id)
select zone_id, id, status, measurer_id
from measurements join (values (1, 1), (2, 1), (1, 2), (99, 4)) as placed (zone_id, measurement_id) on measurement_id = id;

update measurements set address = 'Химки, ул. Ленина, д. 6' where id = 1;
