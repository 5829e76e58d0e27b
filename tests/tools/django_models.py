"""Django: connect, inspectdb, introspection, queries, inserts."""

import datetime
import io
import sys

import django
from django.conf import settings

host, port, user, database = sys.argv[1:5]
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "PORT": port,
            "USER": user,
            "NAME": database,
        }
    },
    USE_TZ=False,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.db.models.functions import TruncDay  # noqa: E402


class Bid(models.Model):
    auction = models.BigIntegerField(primary_key=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    tag = models.CharField(max_length=20, null=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "shop"
        managed = False
        db_table = "bids"


out = io.StringIO()
call_command("inspectdb", include_views=True, stdout=out)
print(out.getvalue())
call_command("check", database=["default"], stdout=sys.stdout)
print("version", connection.pg_version // 10000)
with connection.cursor() as cursor:
    found = connection.introspection
    print("tables", sorted((table.name, table.type) for table in found.get_table_list(cursor)))
    print("description", [(column.name, column.type_code, column.null_ok) for column in found.get_table_description(cursor, "bids")])
    print("constraints", found.get_constraints(cursor, "bids"), found.get_relations(cursor, "bids"))
    print("sequences", found.get_sequences(cursor, "bids"), found.get_primary_key_column(cursor, "bids"))
Bid.objects.create(auction=3, price="2.50", tag="c", at=datetime.datetime(2024, 1, 3))
Bid.objects.bulk_create([Bid(auction=4, at=datetime.datetime(2024, 1, 4)), Bid(auction=5, at=datetime.datetime(2024, 1, 5))])
with transaction.atomic():
    Bid.objects.create(auction=6, at=datetime.datetime(2024, 1, 6))
print("all", list(Bid.objects.order_by("auction").values_list()))
print("one", Bid.objects.get(auction=3).price, Bid.objects.filter(tag__icontains="C").exists())
print("many", Bid.objects.filter(auction__in=[1, 2, 3]).count(), Bid.objects.aggregate(models.Sum("price"), models.Max("at")))
print("days", list(Bid.objects.annotate(day=TruncDay("at")).values("day").annotate(n=models.Count("*")).order_by("day")))
print("iterator", [bid.auction for bid in Bid.objects.order_by("auction").iterator(chunk_size=2)])
