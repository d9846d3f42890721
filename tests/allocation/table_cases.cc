// Tables over plain memory, what is asked of them, and their way out as a stream.
#include <cerrno>
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

using Shared = std::shared_ptr<Inputs>;

Shared of_all_kinds() {
  auto out = std::make_shared<Inputs>();
  out->add("id", PATRON_TYPE_INT64, std::vector<int64_t>{1, 2, 3});
  out->add("day", PATRON_TYPE_DATE32, std::vector<int32_t>{20454, 20484, 20470}).zone =
      patron_str_of("");
  out->add("amount", PATRON_TYPE_DOUBLE, std::vector<double>{1.5, 2, 3});
  out->nulls("101");
  out->add("at", PATRON_TYPE_TIMESTAMP, std::vector<int64_t>{1, 2, 3}).zone =
      patron_str_of("Asia/Shanghai");
  out->text("name", {"ann", "", "cem"});
  out->text("long name", {"ann", "", "cem"}, true);
  out->coded("kind", {0, 1, 0}, {"x", "y"});
  return out;
}

Shared of_integers(const char* name = "id") {
  auto out = std::make_shared<Inputs>();
  out->add(name, PATRON_TYPE_INT64, std::vector<int64_t>{1, 2, 3});
  return out;
}

Shared with_bad_text() {
  auto out = of_integers();
  out->text("name", {"ann", "\xFF", "cem"});
  return out;
}

Shared with_a_bad_index() {
  auto out = of_integers();
  out->coded("kind", {0, 2, 0}, {"x", "y"});
  return out;
}

Shared of_two_lengths() {
  auto out = of_integers();
  out->add("amount", PATRON_TYPE_DOUBLE, std::vector<double>{1.5, 2});
  return out;
}

Case create(const char* name, const Shared& inputs, patron_status expected = PATRON_OK) {
  return {"patron_table_create", name,
          [inputs](Attempt& attempt) {
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_table_create(inputs->columns().data(), inputs->columns().size(), out,
                                         error);
            });
          },
          expected};
}

Case find(const char* name, std::string column, patron_status expected = PATRON_OK) {
  return {"patron_table_find", name,
          [column, inputs = of_all_kinds()](Attempt& attempt) {
            int32_t index = -7;
            attempt.call(
                [&](patron_error* error) {
                  return patron_table_find(inputs->table(), column.data(), column.size(), &index,
                                           error);
                },
                [&] { return std::to_string(index); });
          },
          expected};
}

Case field(const char* name, int32_t column, patron_status expected = PATRON_OK) {
  return {"patron_table_field", name,
          [column, inputs = of_all_kinds()](Attempt& attempt) {
            patron_field out = PATRON_FIELD_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_table_field(inputs->table(), column, &out, error);
                },
                [&] { return text(out.name) + text(out.type_name); });
          },
          expected};
}

Case view(const char* name, int32_t column, patron_status expected = PATRON_OK) {
  return {"patron_table_column", name,
          [column, inputs = of_all_kinds()](Attempt& attempt) {
            patron_column out = PATRON_COLUMN_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_table_column(inputs->table(), column, 0, &out, error);
                },
                [&] { return text(out.name) + std::to_string(out.length); });
          },
          expected};
}

Case select(const char* name, std::vector<std::string> columns,
            patron_status expected = PATRON_OK) {
  return {"patron_table_select", name,
          [columns, inputs = of_all_kinds()](Attempt& attempt) {
            std::vector<patron_str> wanted;
            for (const std::string& column : columns) wanted.push_back(str(column));
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_table_select(inputs->table(), wanted.data(), wanted.size(), out, error);
            });
          },
          expected};
}

template <typename Get>
Case number(const char* function, Get get) {
  return {function, "a table", [get, inputs = of_all_kinds()](Attempt& attempt) {
            patron_table* table = inputs->table();
            attempt.value([&] { return get(table); });
          }};
}

// What patron's own streams do on a host's behalf: errno, with its text behind get_last_error.
patron_status as_status(int failed) {
  return failed == 0 ? PATRON_OK : failed == ENOMEM ? PATRON_E_MEMORY : PATRON_E_INTERNAL;
}

std::vector<Case> exported() {
  return {
      {"patron_table_export_stream", "columns of all kinds",
       [inputs = of_all_kinds()](Attempt& attempt) {
         patron_table* table = inputs->table();
         ArrowArrayStream stream{};
         attempt.call([&](patron_error* error) {
           return patron_table_export_stream(table, &stream, error);
         });
         EXPECT_EQ(stream.release == nullptr, attempt.status != PATRON_OK);
         if (stream.release != nullptr) stream.release(&stream);
       }},
      {"patron_table_export_stream", "get_schema of the stream",
       [inputs = of_all_kinds()](Attempt& attempt) {
         ArrowArrayStream stream{};
         ASSERT_EQ(patron_table_export_stream(inputs->table(), &stream, nullptr), PATRON_OK);
         ArrowSchema schema{};
         attempt.call([&](patron_error* error) {
           return error->code = as_status(stream.get_schema(&stream, &schema));
         });
         if (schema.release != nullptr) {
           attempt.bytes = schema.children[5]->format;
           schema.release(&schema);
         }
         stream.release(&stream);
       }},
      {"patron_table_export_stream", "get_next of the stream",
       [inputs = of_all_kinds()](Attempt& attempt) {
         ArrowArrayStream stream{};
         ASSERT_EQ(patron_table_export_stream(inputs->table(), &stream, nullptr), PATRON_OK);
         ArrowArray array{};
         attempt.call([&](patron_error* error) {
           return error->code = as_status(stream.get_next(&stream, &array));
         });
         if (attempt.status != PATRON_OK) {
           // The same stream goes on where it stood: nothing of the batch is lost.
           EXPECT_EQ(stream.get_next(&stream, &array), 0);
         }
         attempt.bytes = std::to_string(array.length) + " " + std::to_string(array.n_children);
         if (array.release != nullptr) array.release(&array);
         stream.release(&stream);
       }},
  };
}

std::vector<Case> asked() {
  return {
      number("patron_table_rows", patron_table_rows),
      number("patron_table_columns", patron_table_columns),
      number("patron_table_chunks", patron_table_chunks),
      find("a column", "kind"),
      find("no such column", "kinds", PATRON_E_COLUMN),
      field("a timestamp", 3),
      field("no such column", 99, PATRON_E_ARGUMENT),
      view("text", 4),
      view("a dictionary", 6),
      view("no such column", 99, PATRON_E_ARGUMENT),
      select("two columns", {"kind", "name"}),
      select("no such column", {"kind", "nam"}, PATRON_E_COLUMN),
      {"patron_table_close", "a table",
       [](Attempt& attempt) {
         const Shared inputs = of_all_kinds();
         patron_table* made = nullptr;
         ASSERT_EQ(patron_table_create(inputs->columns().data(), inputs->columns().size(), &made,
                                       nullptr),
                   PATRON_OK);
         attempt.nothing([&] { patron_table_close(made); });
       }},
  };
}

}  // namespace

std::vector<Case> table_cases() {
  std::vector<Case> out = {
      create("integers", of_integers()),
      create("columns of all kinds", of_all_kinds()),
      create("text that is no UTF-8", with_bad_text(), PATRON_E_UTF8),
      create("an index outside the dictionary", with_a_bad_index(), PATRON_E_ARROW),
      create("two lengths", of_two_lengths(), PATRON_E_LENGTH),
      create("a name that is no UTF-8", of_integers("\xFF"), PATRON_E_UTF8),
  };
  for (const auto& more : {asked(), exported()}) out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace patron::test
